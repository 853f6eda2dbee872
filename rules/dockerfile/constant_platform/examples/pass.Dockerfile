FROM --platform=$BUILDPLATFORM golang:1.23.1 AS build

FROM alpine:3.20
COPY --from=build /app /app
USER 10001
