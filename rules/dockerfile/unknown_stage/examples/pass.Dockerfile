FROM golang:1.22.5 AS Builder
COPY main.go .
RUN go build -o /app main.go

FROM alpine:3.20
COPY --from=builder /app /app
COPY --from=0 /go/bin /go/bin
COPY --from=busybox:1.36.1 /bin/wget /bin/wget
RUN --mount=type=bind,from=builder,target=/src ls /src
USER 10001
ENTRYPOINT ["/app"]
