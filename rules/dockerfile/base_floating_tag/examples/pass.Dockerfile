ARG GO_VERSION=1.22.5
FROM golang:${GO_VERSION} AS latest
COPY main.go .
RUN go build -o /app main.go

FROM latest AS test
RUN go test

FROM scratch
COPY --from=latest /app /app
USER 10001
ENTRYPOINT ["/app"]
