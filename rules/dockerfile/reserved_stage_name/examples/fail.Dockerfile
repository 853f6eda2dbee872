FROM golang:1.23.1 AS scratch
RUN go build ./server
USER 10001
