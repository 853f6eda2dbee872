# 构建阶段
FROM golang:1.18 AS builder

WORKDIR /app

# 复制源代码
COPY . .

# 构建应用
RUN go mod download && \
    CGO_ENABLED=0 GOOS=linux go build -a -installsuffix cgo -o app .

# 运行阶段
FROM alpine:3.15

# 安装基本工具
RUN apk add --no-cache ca-certificates tzdata

# 从构建阶段复制二进制文件
COPY --from=builder /app/app /opt/app

# 设置权限
RUN chmod +x /opt/app

# 暴露端口
EXPOSE 8080

# 启动应用
ENTRYPOINT ["/opt/app"]
