import { MINUTE_MS, instantAt, isBusinessDate } from '../../../kernel/time.ts'
import { ApiError, messageOf } from './api-error.ts'
import { type App, type Context, nowMs } from './context.ts'
import type { Content } from './fields.ts'
import type { Placing } from './place.ts'
import { isSignedBy, openContent, requestText, sealContent, sign } from './signing.ts'

const SKEW_MS = 10 * MINUTE_MS

/** A request whose signature is its merchant's. */
export type SignedRequest = Placing & { method: string; isEncrypted: boolean }

/** The parameters of a request, from its query and its form. Throws for one that stands twice. */
export function readParams(query: string, form: string): Map<string, string> {
  const params = new Map<string, string>()
  for (const [name, value] of [...new URLSearchParams(query), ...new URLSearchParams(form)]) {
    if (params.has(name)) throw new ApiError('isv.invalid-parameter', `参数重复：${name}`)
    params.set(name, value)
  }
  return params
}

/** The application a request names; null for none that is served, which cannot be answered under a signature. */
export const appNamed = ({ apps }: Context, params: ReadonlyMap<string, string>): App | null =>
  apps.get(params.get('app_id') ?? '') ?? null

/** Reads and verifies the common parameters and opens biz_content. Throws the protocol's refusal. */
export function authenticate(
  context: Context,
  app: App,
  params: ReadonlyMap<string, string>,
): SignedRequest {
  const value = (name: string) => params.get(name) ?? ''
  if (value('sign') === '') throw new ApiError('isv.missing-signature')
  if (value('sign_type') !== 'RSA2') throw new ApiError('isv.invalid-signature-type')
  if (!isSignedBy(app.publicKey, requestText(params), value('sign'))) {
    throw new ApiError('isv.invalid-signature')
  }
  if (app.certSn !== null) {
    const { rootCertSn } = context.platform
    const isKnown =
      value('app_cert_sn') === app.certSn && value('alipay_root_cert_sn') === rootCertSn
    if (!isKnown) throw new ApiError('isv.invalid-signature', '证书序列号不匹配')
  }
  if (!/^utf-8$/i.test(value('charset'))) throw new ApiError('isv.invalid-charset')
  if (value('version') !== '1.0') throw new ApiError('isv.invalid-parameter', '无效的 version')
  checkTimestamp(context, value('timestamp'))
  const isEncrypted = value('encrypt_type') !== ''
  return {
    app,
    method: value('method'),
    content: readContent(app, value('biz_content'), isEncrypted),
    notifyUrl: value('notify_url'),
    returnUrl: value('return_url'),
    isEncrypted,
  }
}

function checkTimestamp(context: Context, text: string) {
  const [, date = '', time = ''] = /^(\S{10}) (\d{2}:\d{2}:\d{2})$/.exec(text) ?? []
  const sentMs = isBusinessDate(date) ? instantAt(date, time).getTime() : Number.NaN
  if (!(Math.abs(nowMs(context) - sentMs) <= SKEW_MS)) throw new ApiError('isv.invalid-timestamp')
}

function readContent(app: App, text: string, isEncrypted: boolean): Content {
  const opened = isEncrypted ? app.contentKey && openContent(app.contentKey, text) : text
  if (opened === null) throw new ApiError('isv.decryption-error-unknown')
  if (opened === '') throw new ApiError('isv.missing-parameter', '缺少 biz_content')
  try {
    // One of the clients encrypts the text of the content as a string of JSON within JSON.
    const value: unknown = JSON.parse(opened)
    const content: unknown = typeof value === 'string' ? JSON.parse(value) : value
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
      return content as Content
    }
  } catch {
    // Said below.
  }
  throw new ApiError('isv.invalid-parameter', 'biz_content 不是合法的 JSON')
}

/** The envelope of an answer. Slashes are escaped, as Alipay does it, and signed so. */
export function answerText(
  context: Context,
  to: { app: App | null; method: string; isEncrypted: boolean },
  node: object,
): string {
  const { app, method, isEncrypted } = to
  const plain = JSON.stringify(node).replaceAll('/', '\\/')
  const key = isEncrypted ? (app?.contentKey ?? null) : null
  const body = key === null ? plain : JSON.stringify(sealContent(key, plain))
  const name = /^[\w.]{1,100}$/.test(method)
    ? `${method.replaceAll('.', '_')}_response`
    : 'error_response'
  if (app === null) return `{"${name}":${body}}`
  const signature = sign(context.platform.privateKey, body)
  const serial = app.certSn === null ? '' : `"alipay_cert_sn":"${context.platform.certSn ?? ''}",`
  return `{"${name}":${body},${serial}"sign":"${signature}"}`
}

export const successNode = (code: string, node: object) => ({ code, msg: messageOf(code), ...node })

export const errorNode = ({ code, subCode, message }: ApiError) => ({
  code,
  msg: messageOf(code),
  sub_code: subCode,
  sub_msg: message,
})
