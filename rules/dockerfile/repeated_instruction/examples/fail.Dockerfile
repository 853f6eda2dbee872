FROM alpine:3.20
HEALTHCHECK CMD wget -q -O /dev/null http://localhost:8080/
CMD ["serve"]
HEALTHCHECK NONE
CMD ["serve", "--verbose"]
USER 10001
