import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { kindsShown, type PartKind } from '../../web/tenders.ts'
import { sourceName } from './source-name.ts'
import type { Statement, StatementItem } from './use-statement.ts'

/** The statement as it is handed in: on paper alone, in order of time, with all that tells that it is genuine. */
export function Paper({ statement }: { statement: Statement }) {
  const { t } = useTranslation()
  const { holder, totals, statementNo, checkCode, generatedAt } = statement
  return (
    <article className="statement-paper">
      <header>
        <h2>{t('statement.title')}</h2>
        <p>{t('statement.days', { from: statement.from, to: statement.to })}</p>
      </header>
      <dl className="paper-facts">
        <Fact name={t('account.name')}>{holder.name}</Fact>
        <Fact name={t('account.idCard')}>{holder.idCardNo}</Fact>
        <Fact name={t('statement.generatedAt')}>
          <Moment at={generatedAt} form="exact" />
        </Fact>
        <Fact name={t('statement.net')}>
          <Amount fen={totals.netFen} />
        </Fact>
        <Fact name={t('statement.selfPaid')}>
          <Amount fen={totals.selfPaidFen} />
        </Fact>
        <Fact name={t('statement.no')}>{statementNo}</Fact>
        <Fact name={t('statement.code')}>{checkCode}</Fact>
      </dl>
      <Payments statement={statement} />
      <Sums statement={statement} />
      <p>
        {t('statement.verifyAt', { address: `${window.location.origin}/patient/verify` })}
        {t('statement.paperNote')}
      </p>
    </article>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

function Payments({ statement: { items, bySource, totals } }: { statement: Statement }) {
  const { t } = useTranslation()
  const heads = ['date', 'hospital', 'items', 'receipts', 'paid'] as const
  const kinds = kindsShown(bySource.map(({ part }) => part))
  return (
    <table>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col" className={head === 'paid' ? 'money' : undefined}>
              {t(`statement.heads.${head}`)}
            </th>
          ))}
          {kinds.map((part) => (
            <th key={part} scope="col" className="money">
              {t(`common:parts.${part}`)}
            </th>
          ))}
          <th scope="col" className="money">
            {t('statement.heads.refunded')}
          </th>
          <th scope="col" className="money">
            {t('statement.heads.net')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <PaymentRow key={`${item.hospitalId} ${item.paymentId}`} item={item} kinds={kinds} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={4}>
            {t('pay.total')}
          </th>
          <Figures sources={bySource} amounts={totals} kinds={kinds} />
        </tr>
      </tfoot>
    </table>
  )
}

function PaymentRow({ item, kinds }: { item: StatementItem; kinds: readonly PartKind[] }) {
  const { t } = useTranslation()
  const refundReceipts = item.refunds.flatMap(({ receiptNo }) => receiptNo ?? [])
  return (
    <tr>
      <td>
        <Moment at={item.paidAt} form="date" />
      </td>
      <td>{item.hospitalName}</td>
      <td>
        {item.bills.map(({ title }) => title).join('、')}
        {item.state !== 'succeeded' && ` (${t(`common:payerStates.${item.state}`)})`}
      </td>
      <td>
        {item.bills.flatMap(({ receiptNo }) => receiptNo ?? []).join(' ') || '—'}
        {refundReceipts.length > 0 &&
          ` ${t('statement.refundReceipts', { numbers: refundReceipts.join(' ') })}`}
      </td>
      <Figures sources={item.sources} amounts={item} kinds={kinds} />
    </tr>
  )
}

type Amounts = { paidFen: number; refundedFen: number; netFen: number }

/** What was paid, by who bore it; what came back; what stays. */
function Figures({ sources, amounts, kinds }: FiguresProps) {
  const paidBy = (part: PartKind) =>
    sources.filter((source) => source.part === part).reduce((sum, { paidFen }) => sum + paidFen, 0)
  const figures = [
    amounts.paidFen,
    ...kinds.map(paidBy),
    amounts.refundedFen === 0 ? 0 : -amounts.refundedFen,
    amounts.netFen,
  ]
  const places = ['paid', ...kinds, 'refunded', 'net']
  return figures.map((fen, i) => (
    <td key={places[i]} className="money">
      <Amount fen={fen} />
    </td>
  ))
}

type FiguresProps = {
  sources: StatementItem['sources']
  amounts: Amounts
  kinds: readonly PartKind[]
}

function Sums({ statement: { bySource, byHospital } }: { statement: Statement }) {
  const { t } = useTranslation()
  const rows = [
    ...byHospital.map((hospital) => ({ ...hospital, key: `h${hospital.hospitalId}` })),
    ...bySource.map((source) => ({
      ...source,
      name: sourceName(t, source),
      key: `${source.provider} ${source.part}`,
    })),
  ]
  return (
    <table className="paper-sums">
      <thead>
        <tr>
          <th scope="col">{t('statement.heads.sums')}</th>
          <th scope="col" className="money">
            {t('statement.heads.paid')}
          </th>
          <th scope="col" className="money">
            {t('statement.heads.refunded')}
          </th>
          <th scope="col" className="money">
            {t('statement.heads.net')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, paidFen, refundedFen, netFen }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            <td className="money">
              <Amount fen={paidFen} />
            </td>
            <td className="money">
              <Amount fen={refundedFen === 0 ? 0 : -refundedFen} />
            </td>
            <td className="money">
              <Amount fen={netFen} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
