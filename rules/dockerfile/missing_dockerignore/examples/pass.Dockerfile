FROM node:20.15.0-alpine AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY src/ src/

FROM node:20.15.0-alpine
COPY --from=build . .
USER node
