FROM alpine:3.20
RUN --mount=type=bind,from=tools,target=/tools /tools/install
USER 10001
