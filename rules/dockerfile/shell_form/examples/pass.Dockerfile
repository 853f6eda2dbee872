FROM eclipse-temurin:21.0.4_7-jre AS java
USER 10001
CMD cd /srv && exec java $JAVA_OPTS -jar app.jar

FROM node:20.15.0-alpine
USER node
CMD ["node", "server.js"]
