import { type Fen, formatYuan } from '../../../kernel/money.ts'
import { hiddenFields, html, passwordField } from '../kit/page.ts'
import { page, type Payer, payerField } from './wallet-view.ts'

// The wallet's pages about agreements, as text.

/** What the payer is asked to agree to, and the password. */
export const signView = (asked: {
  merchantName: string
  limitFen: Fen
  payers: readonly Payer[]
  demoPassword: string
  mistake: string | null
  fields: [string, string][]
}): string =>
  page(
    '开通免密支付',
    html`<p class="to">${asked.merchantName}</p>
      <h1>开通小额免密支付</h1>
      <p class="hint">
        同意后，${asked.merchantName} 可直接从您的账户扣款，每次不超过 ${formatYuan(asked.limitFen)}
        元。您可随时在此解约。
      </p>
      <form method="post" action="/wallet/agreement" autocomplete="off">
        ${hiddenFields(asked.fields)} ${payerField(asked.payers)} ${passwordField(asked)}
        <button class="primary" name="action" value="sign">同意并开通</button>
        <button class="plain" name="action" value="cancel" formnovalidate>取消</button>
      </form>`,
  )

/** A payer's agreements, each with its end. */
export const agreementsView = (shown: {
  payers: readonly Payer[]
  buyerId: string
  name: string | null
  agreements: readonly { externalNo: string; merchantName: string; chargedFen: Fen }[]
}): string =>
  page(
    '免密支付',
    html`${
        shown.name === null
          ? []
          : html`<p class="to">${shown.name} 的免密支付</p>
              ${shown.agreements.length === 0 ? html`<p class="hint">没有已开通的免密支付</p>` : []}
              ${shown.agreements.map(
                ({ externalNo, merchantName, chargedFen }) =>
                  html`<form method="post" action="/wallet/agreements">
                    <input type="hidden" name="buyer_id" value="${shown.buyerId}" />
                    <input type="hidden" name="no" value="${externalNo}" />
                    <dl>
                      <div>
                        <dt>${merchantName}</dt>
                        <dd>已扣款 ${formatYuan(chargedFen)} 元</dd>
                      </div>
                    </dl>
                    <button class="primary">解约</button>
                  </form>`,
              )}`
      }
      <form method="get" action="/wallet/agreements">
        ${payerField(shown.payers)}
        <button class="plain">查看</button>
      </form>`,
  )
