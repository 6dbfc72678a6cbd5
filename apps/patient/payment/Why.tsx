import { useTranslation } from 'react-i18next'

import type { Explanation, Payment } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { query } from '../api.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { ClassChip } from '../parts/Lines.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { lineReasonsOf, type Reason, stepsOf } from './reasons.ts'

/** Why each pays what it pays: the insurer's own figures, first as a sum and then line by line. */
export function Why({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const { hospitalId, id } = payment
  const { data, error, refetch } = query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/payments/{id}/explanation',
    { params: { path: { hospitalId, id } } },
  )
  if (error) return <FailureBox error={error} onRetry={() => void refetch()} />
  if (!data) return <Waiting rows={4} />
  return (
    <>
      {data.totals ? <Steps totals={data.totals} /> : <p>{t('why.none')}</p>}
      <h3>{t('why.byLine')}</h3>
      <ul>
        {data.lines.map((line) => (
          <WhyLine key={`${line.billNo} ${line.lineNo}`} line={line} name={nameOf(payment, line)} />
        ))}
      </ul>
    </>
  )
}

function Steps({ totals }: { totals: NonNullable<Explanation['totals']> }) {
  const { t } = useTranslation()
  return (
    <dl className="why-steps">
      {stepsOf(totals).map((step) => (
        <div key={step.code} className={step.isResult ? 'why-result' : undefined}>
          <dt>{t(`why.steps.${step.code}`, wordsOf(step))}</dt>
          <dd>
            <Amount fen={step.amountFen} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function WhyLine({ line, name }: { line: Explanation['lines'][number]; name: string }) {
  const { t } = useTranslation()
  return (
    <li className="line">
      <span className="line-name">
        {name} {line.level && <ClassChip insuranceClass={line.level} />}
      </span>
      <Amount fen={line.amountFen} />
      <span className="line-why">
        {lineReasonsOf(line).map((reason) => (
          <span key={reason.code}>{t(`why.lines.${reason.code}`, wordsOf(reason))}</span>
        ))}
      </span>
    </li>
  )
}

const wordsOf = ({ amountFen, ratioBp }: Reason) => ({
  amount: amountText(Math.abs(amountFen)),
  ratio: percentText(ratioBp ?? 0),
})

/** 7000 is "70%", 7250 is "72.5%". */
const percentText = (ratioBp: number): string => {
  const rest = String(ratioBp % 100)
    .padStart(2, '0')
    .replace(/0+$/, '')
  return `${Math.trunc(ratioBp / 100)}${rest && `.${rest}`}%`
}

function nameOf(payment: Payment, { billNo, lineNo }: { billNo: string; lineNo: number }): string {
  const bill = payment.bills.find((known) => known.billNo === billNo)
  return bill?.lines.find((line) => line.lineNo === lineNo)?.name ?? ''
}
