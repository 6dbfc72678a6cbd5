import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import type { LoanRecord } from './model.ts'
import { Scroll } from './Scroll.tsx'
import { LOOK_OF, useBankWords } from './words.ts'

type Instalments = LoanRecord['instalments']
type Parts = Instalments[number]['open']

/** What is due on each day, what of it stands open and what was paid. */
export function ScheduleCard({ instalments }: { instalments: Instalments }) {
  const { t } = useBankWords()
  return (
    <section className="card" aria-labelledby="schedule-title">
      <h2 id="schedule-title">{t('loans.schedule')}</h2>
      <Scroll label={t('loans.schedule')}>
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col">{t('loans.no')}</th>
              <th scope="col">{t('loans.dueOn')}</th>
              <th scope="col">{t('status')}</th>
              {['principal', 'interest', 'fee'].map((kind) => (
                <th key={kind} scope="col" className="is-number on-wide-only">
                  {t(kind)}
                </th>
              ))}
              <th scope="col" className="is-number">
                {t('loans.paid')}
              </th>
              <th scope="col" className="is-number">
                {t('loans.open')}
              </th>
            </tr>
          </thead>
          <tbody>
            {instalments.map((due) => (
              <Row key={due.no} due={due} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}

function Row({ due }: { due: Instalments[number] }) {
  const { t } = useBankWords()
  return (
    <tr>
      <td>{due.no}</td>
      <td>{due.dueOn}</td>
      <td>
        <StatusChip
          {...LOOK_OF.instalment[due.status]}
          text={t(`statuses.instalment.${due.status}`)}
        />
      </td>
      {[due.principalFen, due.interestFen, due.feeFen].map((fen, i) => (
        <td key={i} className="is-number on-wide-only">
          <Amount fen={fen} />
        </td>
      ))}
      <td className="is-number">
        <Split parts={due.paid} />
      </td>
      <td className="is-number">
        <Split parts={due.open} />
      </td>
    </tr>
  )
}

/** A sum, and of what it is made where the mouse rests. */
function Split({ parts }: { parts: Parts }) {
  const splitText = useSplitText()
  const { principalFen, interestFen, feeFen, penaltyFen } = parts
  return (
    <span title={splitText(parts)}>
      <Amount fen={principalFen + interestFen + feeFen + penaltyFen} />
    </span>
  )
}

export function useSplitText(): (parts: Parts) => string {
  const { t } = useBankWords()
  return ({ principalFen, interestFen, feeFen, penaltyFen }) =>
    t('loans.split', {
      principal: amountText(principalFen),
      interest: amountText(interestFen),
      fee: amountText(feeFen),
      penalty: amountText(penaltyFen),
    })
}
