import { formatYuan } from '../../kernel/money.ts'
import { html, pagesOf } from './kit/page.ts'
import type { ScannedCode } from './kit/simulator.ts'

// The pages of 扫一扫 as text. Everything that comes from outside passes through `html`, which escapes it; there is no
// script on the page.

/** What is to be paid, to whom, and by which wallet. */
export const codeView = (visit: {
  walletName: string
  scanned: ScannedCode
  code: string
  returnUrl: string | null
}): string => {
  const { walletName, scanned, code, returnUrl } = visit
  return page(
    `付款给${scanned.merchantName}`,
    html`<p class="to">付款给 ${scanned.merchantName}</p>
      <h1 class="amount"><span class="yen">¥</span>${formatYuan(scanned.amountFen)}</h1>
      <dl>
        <div>
          <dt>认出的钱包</dt>
          <dd>${walletName}</dd>
        </div>
        <div>
          <dt>商品</dt>
          <dd>${scanned.description}</dd>
        </div>
        <div>
          <dt>码的内容</dt>
          <dd class="code">${code}</dd>
        </div>
      </dl>
      <form method="post" action="/scan" autocomplete="off">
        <input type="hidden" name="code" value="${code}" />
        ${returnUrl === null ? [] : html`<input type="hidden" name="return_url" value="${returnUrl}" />`}
        <p class="hint">这是演示用的模拟手机，不会动用真钱，也不用输入密码。</p>
        <button class="primary">付款</button>
      </form>
      ${returnUrl === null ? [] : html`<a class="button plain" href="${returnUrl}">不付，返回</a>`}`,
  )
}

/** One thing to know, and the way back. */
export const messageView = (message: {
  title: string
  hint: string
  isDone: boolean
  returnUrl: string | null
}): string => {
  const { title, hint, isDone, returnUrl } = message
  return page(
    title,
    html`<div class="message">
      <p class="mark" aria-hidden="true">${isDone ? '✓' : '!'}</p>
      <h1>${title}</h1>
      <p class="hint">${hint}</p>
      ${returnUrl === null ? [] : html`<a class="button primary" href="${returnUrl}">返回患者端</a>`}
    </div>`,
  )
}

const STYLE = `
.code { color: #4A5558; font-size: 13px; }
.mark { margin: 0 0 8px; font-size: 40px; line-height: 1; }
`

const page = pagesOf({ name: '扫一扫', colour: '#0B6B6B', style: STYLE })
