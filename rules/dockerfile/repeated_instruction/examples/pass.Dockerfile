FROM alpine:3.20 AS base
CMD ["serve"]

FROM base
ENTRYPOINT ["/usr/local/bin/app"]
CMD ["serve", "--verbose"]
USER 10001
