FROM alpine:3.20
RUN DB_PASSWORD=hunter2-hunter2 ./migrate
RUN export API_TOKEN='a1b2c3d4e5f6' && ./fetch
USER 10001
