FROM golang:1.23.1 AS build-server
RUN go build ./server

FROM golang:1.23.1 AS build-client
RUN go build ./client

FROM alpine:3.20
COPY --from=build-client /go/bin/app /app
USER 10001
