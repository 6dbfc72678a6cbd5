import { type DestinationStream, type LoggerOptions, pino, stdTimeFunctions } from 'pino'

// What must never be in a log, wherever in a logged object it stands.
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'idCardNo',
  'phone',
  'name',
  'patientName',
  'token',
  'voucherToken',
  'openid',
  'payerAccount',
  'signature',
  'secret',
]
const DEPTHS = ['', '*.', '*.*.', '*.*.*.']

export const logOptions = (level: string): LoggerOptions => ({
  level,
  timestamp: stdTimeFunctions.isoTime,
  redact: {
    paths: SECRET_FIELDS.flatMap((field) => DEPTHS.map((depth) => depth + field)),
    censor: '***',
  },
  serializers: {
    err: errorWithoutRows,
    // A path may carry a query; a query may carry anything.
    req: (request: { method: string; url: string; id: string }) => ({
      method: request.method,
      path: request.url.split('?')[0],
    }),
  },
})

/** The database's `detail` quotes the row that failed, diagnosis and all, so that only what is named here is logged. */
function errorWithoutRows(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, constraint, table } = error as {
    code?: unknown
    constraint?: unknown
    table?: unknown
  }
  const { message, stack } = error
  return { type: error.constructor.name, message, stack, code, constraint, table }
}

export const createLog = (level: string, destination?: DestinationStream) =>
  destination ? pino(logOptions(level), destination) : pino(logOptions(level))
