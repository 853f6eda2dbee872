FROM golang:1.22.5 AS builder
WORKDIR /app
COPY . .
RUN go build -o app .

FROM alpine:3.20
COPY --from=builder /app/ /app/
COPY --from=builder . /everything/
COPY ./config /etc/app/
USER 10001
