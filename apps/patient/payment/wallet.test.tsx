// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { orderedPayment } from '../testing/payments.ts'
import { show } from '../testing/show.tsx'
import { ResultView } from './ResultView.tsx'
import { openWallet, type PayerAction, wishToOpenWallet } from './wallet.ts'

let demoUrl: string | null
let scanUrl: string | null
let timesAsked: number
const left: { url: string; referrerPolicy: string }[] = []

beforeEach(() => {
  demoUrl = null
  scanUrl = null
  timesAsked = 0
  left.length = 0
  sessionStorage.clear()
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(
    this: HTMLAnchorElement,
  ) {
    left.push({ url: this.href, referrerPolicy: this.referrerPolicy })
  })
  vi.stubGlobal('fetch', async (request: Request) => {
    const isAboutDemo = request.url.endsWith('/v1/demo/wallet') && demoUrl !== null
    if (isAboutDemo) timesAsked += 1
    return isAboutDemo
      ? Response.json({ url: demoUrl, scanUrl })
      : Response.json(
          { type: '', status: 404, code: 'http.not_found', instance: 'r1' },
          { status: 404 },
        )
  })
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  delete window.WeixinJSBridge
  delete window.AlipayJSBridge
  delete window.yiqiaoApp
})

const draw = (provider: string, action: PayerAction) =>
  show(
    <ResultView payment={orderedPayment(provider, action)} isFromWallet={false} lastError={null} />,
  )

it('leads to the provider’s page, by itself once and then by the button', async () => {
  const url = 'https://openapi.alipay.com/gateway.do?a=1'
  wishToOpenWallet(orderedPayment('alipay', null).id)
  await draw('alipay', { kind: 'page', url })
  const button = await screen.findByRole('button', { name: '去支付宝，付 ¥28.50' })
  expect(left).toEqual([{ url, referrerPolicy: 'origin' }])
  await expect.poll(() => button.hasAttribute('disabled')).toBe(true)
  // Back from there, the page is as it was left.
  fireEvent(window, Object.assign(new Event('pageshow'), { persisted: true }))
  await expect.poll(() => button.hasAttribute('disabled')).toBe(false)
  fireEvent.click(button)
  expect(left).toHaveLength(2)
  expect(document.body.textContent).toContain('请用支付宝付款。已经付过的，请勿重复支付。')
})

it('posts what the provider signed, as it is', async () => {
  const posted: { action: string; fields: Record<string, string> }[] = []
  vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(function submit(
    this: HTMLFormElement,
  ) {
    const fields = Object.fromEntries(
      [...this.querySelectorAll('input')].map((input) => [input.name, input.value]),
    )
    posted.push({ action: this.action, fields })
  })
  const fields = { merId: '777', signature: 'a+b/c==', cert: 'line\r\nline' }
  await draw('unionpay', { kind: 'form', url: 'https://gateway.test/front', fields })
  fireEvent.click(await screen.findByRole('button', { name: '去云闪付，付 ¥28.50' }))
  await expect.poll(() => posted).toEqual([{ action: 'https://gateway.test/front', fields }])
  expect(document.querySelector('form')).toBeNull()
})

it('shows the code to scan with what it says, and no button that leads nowhere', async () => {
  await draw('unionpay', { kind: 'qr_code', content: 'https://qr.95516.com/00010000/1' })
  const code = await screen.findByRole('img', { name: '用云闪付扫一扫，付 ¥28.50' })
  expect(code.querySelectorAll('path')).toHaveLength(2)
  expect(document.body.textContent).toContain('请扫下面的二维码付款。')
  expect(screen.getAllByRole('button').map((button) => button.textContent)).not.toContain(
    '去云闪付',
  )
  expect(screen.queryByRole('link', { name: '用模拟手机扫码' })).toBeNull()
  expect(screen.getByRole('button', { name: '取消支付' })).toBeTruthy()
})

it('has a code scanned by the phone of a demo, which leads back to this payment', async () => {
  demoUrl = 'http://127.0.0.1:9'
  scanUrl = 'http://127.0.0.1:8'
  const content = 'weixin://wxpay/bizpayurl?pr=a1&b=二'
  await draw('wechat', { kind: 'qr_code', content })
  const link = await screen.findByRole('link', { name: '用模拟手机扫码' })
  expect(link.hasAttribute('target')).toBe(false)
  const url = new URL(link.getAttribute('href') ?? '')
  expect(`${url.origin}${url.pathname}`).toBe('http://127.0.0.1:8/scan')
  expect(Object.fromEntries(url.searchParams)).toEqual({
    code: content,
    return_url: `${window.location.origin}/?from=wallet`,
  })
})

it('offers no phone where the demo has none', async () => {
  demoUrl = 'http://127.0.0.1:9'
  await draw('alipay', { kind: 'qr_code', content: 'https://qr.alipay.com/bax1' })
  await screen.findByRole('img', { name: '用支付宝扫一扫，付 ¥28.50' })
  await expect.poll(() => timesAsked).toBe(1)
  expect(screen.queryByRole('link', { name: '用模拟手机扫码' })).toBeNull()
})

it('asks the app that the page is in, and believes only the hub afterwards', async () => {
  const asked: unknown[] = []
  window.AlipayJSBridge = {
    call: (name, params, done) => {
      asked.push([name, params])
      done({ resultCode: '9000' })
    },
  }
  const trade = { kind: 'alipay_trade', tradeNo: '2026112222001' } as const
  expect(await openWallet({ provider: 'alipay', action: trade }, null)).toBe('came_back')
  window.WeixinJSBridge = {
    invoke: (name, params, done) => {
      asked.push([name, params])
      done({ err_msg: 'get_brand_wcpay_request:ok' })
    },
  }
  const jsapi = { kind: 'wechat_jsapi', params: { package: 'prepay_id=1' } } as const
  expect(await openWallet({ provider: 'wechat', action: jsapi }, null)).toBe('came_back')
  window.yiqiaoApp = {
    pay: async (provider, params) => void asked.push([provider, params]),
  }
  const app = { kind: 'app', params: { tn: '1' } } as const
  expect(await openWallet({ provider: 'unionpay', action: app }, null)).toBe('came_back')
  expect(asked).toEqual([
    ['tradePay', { tradeNO: '2026112222001' }],
    ['getBrandWCPayRequest', { package: 'prepay_id=1' }],
    ['unionpay', { tn: '1' }],
  ])
})

it('says where to pay when the wallet is not here', async () => {
  await draw('alipay', { kind: 'alipay_trade', tradeNo: '1' })
  fireEvent.click(await screen.findByRole('button', { name: '去支付宝，付 ¥28.50' }))
  const words = await screen.findByText(/^这里打不开支付宝/)
  expect(words.getAttribute('role')).toBe('alert')
})

it('goes to no address that is a script', async () => {
  const action = { kind: 'page', url: 'javascript:alert(1)' } as const
  expect(await openWallet({ provider: 'alipay', action }, null)).toBe('not_here')
  const form = { kind: 'form', url: 'javascript:alert(1)', fields: {} } as const
  expect(await openWallet({ provider: 'alipay', action: form }, null)).toBe('not_here')
  expect(left).toEqual([])
})

it('offers another way when the channel did not answer, and says that nothing was taken', async () => {
  const payment = orderedPayment('alipay', null, { status: 'declined' })
  await show(
    <ResultView
      payment={{
        ...payment,
        status: 'failed',
        payerState: 'not_charged',
        failureCode: 'channel_down',
      }}
      isFromWallet={false}
      lastError={null}
    />,
  )
  expect(await screen.findByText('支付宝暂时没有回应，请换一种方式。')).toBeTruthy()
  expect(screen.getByText('没有扣款。')).toBeTruthy()
  expect(screen.getByRole('link', { name: '换一种方式' }).getAttribute('href')).toContain('/pay/1')
})
