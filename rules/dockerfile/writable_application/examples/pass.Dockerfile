FROM node:20.15.0-alpine
WORKDIR /app
COPY dist/ ./
RUN install -d -o node /app/cache
USER node
CMD ["node", "server.js"]
