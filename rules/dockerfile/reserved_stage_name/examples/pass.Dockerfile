FROM golang:1.23.1 AS build
RUN go build ./server

FROM scratch
COPY --from=build /go/bin/app /app
USER 10001
