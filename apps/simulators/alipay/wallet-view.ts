import { type Fen, formatYuan } from '../../../kernel/money.ts'

// The wallet's pages as text. Everything that comes from outside passes through `html`, which escapes it; there is
// no script on the page.

export type Payer = { buyerId: string; name: string; logonId: string }

/** The trade, the payer and the password. */
export const payView = (trade: {
  merchantName: string
  subject: string
  amountFen: Fen
  payers: readonly Payer[]
  demoPassword: string
  mistake: string | null
  fields: [string, string][]
}): string =>
  page(
    `付款给${trade.merchantName}`,
    html`<p class="to">付款给 ${trade.merchantName}</p>
      <h1 class="amount"><span class="yen">¥</span>${formatYuan(trade.amountFen)}</h1>
      <dl>
        <div>
          <dt>订单信息</dt>
          <dd>${trade.subject}</dd>
        </div>
        <div>
          <dt>付款方式</dt>
          <dd>账户余额</dd>
        </div>
      </dl>
      <form method="post" action="/wallet/pay" autocomplete="off">
        ${trade.fields.map(
          ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
        )}
        ${payerField(trade.payers)}
        <label for="password">支付密码</label>
        <input
          id="password"
          name="password"
          type="password"
          inputmode="numeric"
          autocomplete="off"
          pattern="[0-9]{6}"
          maxlength="6"
          required
          autofocus
          title="6 位数字"
          aria-describedby="hint${trade.mistake === null ? '' : ' mistake'}"
          ${trade.mistake === null ? [] : html`aria-invalid="true"`}
        />
        <p id="hint" class="hint">演示环境，密码为 ${trade.demoPassword}</p>
        ${
          trade.mistake === null
            ? []
            : html`<p id="mistake" class="mistake" role="alert">${trade.mistake}</p>`
        }
        <button class="primary" name="action" value="pay">确认付款</button>
        <button class="plain" name="action" value="cancel" formnovalidate>取消</button>
      </form>`,
  )

/** Nobody is signed in here, so whoever pays says who they are. */
export const payerField = (payers: readonly Payer[]): Html =>
  html`<label for="buyer">付款人</label>
    <select id="buyer" name="buyer_id">
      ${payers.map(
        ({ buyerId, name, logonId }) =>
          html`<option value="${buyerId}">${name} ${logonId}</option>`,
      )}
    </select>`

/** The digits for a merchant's scanner. */
export const barcodeView = (shown: {
  payers: readonly Payer[]
  name: string | null
  code: string | null
}): string =>
  page(
    '付款码',
    html`${
        shown.code === null
          ? []
          : html`<p class="to">${shown.name ?? ''} 的付款码</p>
              <h1 class="code">${shown.code}</h1>
              <p class="hint">一分钟内有效，只能使用一次</p>`
      }
      <form method="get" action="/wallet/barcode">
        ${payerField(shown.payers)}
        <button class="primary">显示付款码</button>
      </form>`,
  )

/** One thing to know, and the way back. */
export const messageView = (message: {
  title: string
  hint: string
  returnUrl: string | null
}): string =>
  page(
    message.title,
    html`<div class="message">
      <h1>${message.title}</h1>
      <p class="hint">${message.hint}</p>
      ${
        message.returnUrl === null
          ? []
          : html`<a class="button primary" href="${message.returnUrl}">返回商户</a>`
      }
    </div>`,
  )

export const page = (title: string, content: Html): string =>
  html`<!DOCTYPE html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · 支付宝（演示）</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <p class="brand">支付宝 <span>演示</span></p>
          ${content}
        </main>
      </body>
    </html>`.text

/** Text that is safe to stand in a page. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Held = string | Html | Html[]

/** Builds a piece of a page: what is put in is escaped, unless it is such a piece itself. */
export function html(parts: TemplateStringsArray, ...held: Held[]): Html {
  const texts = held.map((value) => {
    if (typeof value === 'string') return escapeHtml(value)
    return value instanceof Html ? value.text : value.map((piece) => piece.text).join('\n')
  })
  return new Html(parts.map((part, i) => part + (texts[i] ?? '')).join(''))
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const STYLE = `
* { box-sizing: border-box; }
body {
  margin: 0; background: #F5F7F7; color: #1C2426; font-size: 16px; line-height: 1.5;
  font-family: 'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif;
}
main { max-width: 420px; min-height: 100vh; margin: 0 auto; padding: 24px; background: #FFFFFF; }
@media (min-width: 480px) {
  main { min-height: 0; margin: 32px auto; border-radius: 12px; }
}
.brand { margin: 0 0 24px; text-align: center; color: #4A5558; }
.brand span { padding: 0 8px; border: 1px solid #4A5558; border-radius: 12px; font-size: 13px; }
.to { margin: 0; text-align: center; overflow-wrap: anywhere; }
.amount {
  margin: 4px 0 24px; text-align: center; font-size: 40px; line-height: 1.2;
  font-variant-numeric: tabular-nums;
}
.code { margin: 4px 0; text-align: center; font-size: 26px; font-variant-numeric: tabular-nums; }
.code + .hint { text-align: center; }
.yen { margin-right: 4px; font-size: 24px; }
dl { margin: 0 0 24px; border-top: 1px solid #DDE3E3; }
dl div {
  display: flex; justify-content: space-between; gap: 16px; padding: 12px 0;
  border-bottom: 1px solid #DDE3E3;
}
dt { flex: none; color: #4A5558; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
label { display: block; margin-bottom: 8px; }
select, input[type='password'] {
  width: 100%; min-height: 48px; padding: 8px 12px; border: 1px solid #4A5558;
  border-radius: 12px; background: #FFFFFF; color: inherit; font: inherit;
}
select { margin-bottom: 16px; }
input[type='password'] { text-align: center; font-size: 24px; letter-spacing: 12px; }
.hint { margin: 8px 0 16px; color: #4A5558; font-size: 14px; }
.mistake { margin: 0 0 16px; color: #B3261E; }
.mistake::before { content: '⚠ '; }
button, .button {
  display: block; width: 100%; min-height: 48px; padding: 10px 16px; border: 0;
  border-radius: 12px; font: inherit; text-align: center; text-decoration: none; cursor: pointer;
}
.primary { background: #1258C4; color: #FFFFFF; font-weight: 600; }
.plain { margin-top: 12px; background: transparent; color: #1C2426; }
:is(button, .button, input, select):focus-visible { outline: 3px solid #0B6B6B; outline-offset: 2px; }
.message { padding: 32px 0 8px; text-align: center; }
.message h1 { margin: 0; font-size: 22px; }
`
