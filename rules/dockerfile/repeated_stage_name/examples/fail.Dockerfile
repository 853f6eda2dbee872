FROM golang:1.23.1 AS build
RUN go build ./server

FROM golang:1.23.1 AS Build
RUN go build ./client

FROM alpine:3.20
COPY --from=build /go/bin/app /app
USER 10001
