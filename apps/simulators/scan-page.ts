import type { AddressInfo } from 'node:net'

import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'

import { codeView, messageView } from './scan-view.ts'
import type { ScanWallet } from './scan-wallets.ts'

// 扫一扫: a phone for the sandbox, which reads the codes that the patient app shows and pays them.

const BODY_BYTES = 16 * 1024
const MOST_CODE_LETTERS = 1024
const MOST_ADDRESS_LETTERS = 2048

export type ScanPageOptions = {
  wallets: readonly ScanWallet[]
  /** 'http://127.0.0.1:7100': the only place that the page leads back to. */
  hubUrl: string
  /** 0 for any that is free. */
  port: number
}

export type ScanPage = { url: string; stop(): Promise<void> }

/**
 * Serves on loopback. GET /scan?code=…&return_url=… shows which wallet reads the code, the merchant and the amount; POST
 * with the same fields pays and says what became of it.
 */
export async function startScanPage(options: ScanPageOptions): Promise<ScanPage> {
  const app = createServer()
  app.get('/scan', (request, reply) => {
    const query = new URL(request.raw.url ?? '', 'http://localhost').searchParams
    return show(reply, open(options, query))
  })
  app.post('/scan', async (request, reply) => {
    const body = request.body instanceof Buffer ? request.body.toString('utf8') : ''
    return show(reply, await confirm(options, new URLSearchParams(body)))
  })
  await app.listen({ host: '127.0.0.1', port: options.port })
  const { port } = app.server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, stop: () => app.close() }
}

function createServer(): FastifyInstance {
  const app = Fastify({
    logger: { level: 'error' },
    bodyLimit: BODY_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  )
  app.setNotFoundHandler((_request, reply) => show(reply, message('no_page', null)))
  app.setErrorHandler((error, request, reply) => {
    const { statusCode = 500 } = error as { statusCode?: number }
    if (statusCode >= 500) request.log.error(error)
    return show(reply, { ...message('failed', null), status: statusCode })
  })
  return app
}

type Shown = { status: number; html: string }

function open(options: ScanPageOptions, given: URLSearchParams): Shown {
  const visit = readVisit(options, given)
  if (!('wallet' in visit)) return visit
  const { wallet, code, returnUrl } = visit
  const scanned = wallet.look(code)
  if (scanned === null) return message('unknown', returnUrl)
  if (scanned.state !== 'open') return message(scanned.state, returnUrl)
  return { status: 200, html: codeView({ walletName: wallet.name, scanned, code, returnUrl }) }
}

async function confirm(options: ScanPageOptions, form: URLSearchParams): Promise<Shown> {
  const visit = readVisit(options, form)
  if (!('wallet' in visit)) return visit
  const { wallet, code, returnUrl } = visit
  const outcome = await wallet.pay(code)
  if (outcome === 'paid') return message('done', returnUrl)
  const scanned = wallet.look(code)
  if (scanned === null) return message('unknown', returnUrl)
  return message(scanned.state === 'open' ? outcome : scanned.state, returnUrl)
}

type Visit = { wallet: ScanWallet; code: string; returnUrl: string | null }

function readVisit({ wallets, hubUrl }: ScanPageOptions, given: URLSearchParams): Visit | Shown {
  const returnUrl = given.get('return_url')
  if (returnUrl !== null && !isOfHub(returnUrl, hubUrl)) return message('no_way_back', null)
  const code = given.get('code') ?? ''
  if (code === '') return message('no_code', returnUrl)
  const isTooLong = code.length > MOST_CODE_LETTERS
  const wallet = wallets.find((own) => !isTooLong && own.opens(code))
  return wallet ? { wallet, code, returnUrl } : message('unknown', returnUrl)
}

/** The page must not send anyone into the world. This machine goes by two names. */
function isOfHub(text: string, hubUrl: string): boolean {
  if (text.length > MOST_ADDRESS_LETTERS || !URL.canParse(text)) return false
  const { protocol, hostname, port, username, password } = new URL(text)
  const hub = new URL(hubUrl)
  const isHere = [hub.hostname, '127.0.0.1', 'localhost'].includes(hostname)
  const isSamePlace = protocol === hub.protocol && port === hub.port
  return isHere && isSamePlace && username === '' && password === ''
}

const WORDS = {
  done: [200, '支付成功', '医院几秒内就会收到，可以返回查看。'],
  paid: [409, '这个码已经付过了', '无需重复付款。'],
  expired: [409, '这个码已过期', '没有扣款，请返回重新下单。'],
  closed: [409, '订单已关闭', '没有扣款，请返回重新下单。'],
  insufficient: [409, '余额不足', '没有扣款，请返回换一种方式。'],
  refused: [409, '没有付成', '钱包没有受理，没有扣款，请返回再试。'],
  unknown: [404, '认不出这个码', '模拟手机里的钱包都不认识它，没有扣款。'],
  no_code: [400, '没有要扫的码', '请从患者端的二维码页面打开这里。'],
  no_way_back: [400, '返回地址不被允许', '只能返回本机的患者端，没有扣款。'],
  no_page: [404, '没有这个页面', '请从患者端的二维码页面打开这里。'],
  failed: [500, '扫码出错了', '请返回患者端，看这笔钱付了没有。'],
} as const satisfies Record<string, readonly [status: number, title: string, hint: string]>

function message(name: keyof typeof WORDS, returnUrl: string | null): Shown {
  const [status, title, hint] = WORDS[name]
  return { status, html: messageView({ title, hint, isDone: name === 'done', returnUrl }) }
}

const show = (reply: FastifyReply, { status, html }: Shown): FastifyReply =>
  reply.code(status).headers(PAGE_HEADERS).send(html)

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; " +
    "form-action 'self'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
