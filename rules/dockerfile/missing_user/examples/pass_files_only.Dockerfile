FROM golang:1.22.5 AS builder
RUN go install example.com/tool@v1.0.0

FROM scratch
COPY --from=builder /go/bin/tool /
