FROM node:20.15.0 AS build
COPY src/ /src/

FROM node:20.15.0-slim
COPY --from=build /src/dist/ /app/
USER node
CMD ["node", "/app/server.js"]
