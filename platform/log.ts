import { type DestinationStream, type LoggerOptions, pino, stdTimeFunctions } from 'pino'

// What must never be in a log, wherever in a logged object it stands.
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'idCardNo',
  'phone',
  'name',
  'token',
  'signature',
]

export const logOptions = (level: string): LoggerOptions => ({
  level,
  timestamp: stdTimeFunctions.isoTime,
  redact: {
    paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
    censor: '***',
  },
  serializers: {
    // A path may carry a query; a query may carry anything.
    req: (request: { method: string; url: string; id: string }) => ({
      method: request.method,
      path: request.url.split('?')[0],
    }),
  },
})

export const createLog = (level: string, destination?: DestinationStream) =>
  destination ? pino(logOptions(level), destination) : pino(logOptions(level))
