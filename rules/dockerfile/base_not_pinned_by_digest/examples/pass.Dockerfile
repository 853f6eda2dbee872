FROM alpine:3.20@sha256:7580ece7963bfa863801466c0a488f11c86f85d9988051a9f9c68cb27f6b7872 AS builder
RUN echo built > /built

FROM scratch
COPY --from=builder /built /built
