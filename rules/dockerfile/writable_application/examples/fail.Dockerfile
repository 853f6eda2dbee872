FROM node:20.15.0-alpine
WORKDIR /app
COPY --chown=node:node dist/ ./
USER node
CMD ["node", "server.js"]
