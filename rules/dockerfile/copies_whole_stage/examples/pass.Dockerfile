FROM golang:1.23.1 AS build
RUN go build -o /app ./cmd/app

FROM tonistiigi/xx:1.5.0 AS xx

FROM scratch AS flat
COPY --from=build / /

FROM alpine:3.20
COPY --from=xx / /
COPY --from=build /app /app
USER 10001
