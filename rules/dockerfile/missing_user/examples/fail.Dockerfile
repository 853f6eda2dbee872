FROM golang:1.22.5 AS builder
USER 10001
COPY main.go .
RUN go build -o /app main.go

FROM alpine:3.20
COPY --from=builder /app /opt/app
ENTRYPOINT ["/opt/app"]
