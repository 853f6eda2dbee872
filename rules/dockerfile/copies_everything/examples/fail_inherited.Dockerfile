FROM node:20.15.0-alpine AS base
COPY --chown=node:node ./ /app

FROM base
USER node
