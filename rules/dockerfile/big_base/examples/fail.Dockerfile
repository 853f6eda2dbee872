FROM node:20.15.0
COPY dist/ /app/
USER node
CMD ["node", "/app/server.js"]
