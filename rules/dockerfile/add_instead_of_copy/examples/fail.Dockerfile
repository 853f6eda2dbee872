FROM eclipse-temurin:21.0.3_9-jre
ADD app.jar config.yaml /opt/
USER 10001
