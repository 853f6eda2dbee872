FROM golang:1.22.5 AS builder
COPY main.go .
RUN go build -o /app main.go

FROM scratch
COPY --from=bulder /app /app
USER 10001
ENTRYPOINT ["/app"]
