import { useTranslation } from 'react-i18next'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { dayText } from '../parts/day.ts'
import { Icon, type IconName } from '../parts/Icon.tsx'
import {
  type Instalment,
  type InstalmentState,
  paidFenOf,
  penaltyFenOf,
  stateOf,
  totalFenOf,
} from './schedule.ts'

/** Every instalment: as a table where there is room, and else as one card each. Only one of the two is there at a time. */
export function Schedule({ instalments, today }: ScheduleProps) {
  return (
    <>
      <ScheduleTable instalments={instalments} today={today} />
      <ul className="schedule-cards">
        {instalments.map((instalment) => (
          <li key={instalment.no}>
            <InstalmentCard instalment={instalment} state={stateOf(instalment, today)} />
          </li>
        ))}
      </ul>
    </>
  )
}

export type ScheduleProps = { instalments: readonly Instalment[]; today: string | null }

const HEADS = ['no', 'dueOn', 'principal', 'interest', 'fee', 'penalty', 'total', 'state'] as const

function ScheduleTable({ instalments, today }: ScheduleProps) {
  const { t, i18n } = useTranslation()
  return (
    <table className="schedule-table">
      <caption className="visually-hidden">{t('credit:loan.schedule')}</caption>
      <thead>
        <tr>
          {HEADS.map((head) => (
            <th key={head} scope="col">
              {t(`credit:loan.heads.${head}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {instalments.map((instalment) => (
          <tr key={instalment.no}>
            <th scope="row">{instalment.no}</th>
            <td>{dayText(instalment.dueOn, i18n.language)}</td>
            {amountsOf(instalment).map(({ name, fen }) => (
              <td key={name} className="figure">
                <Amount fen={fen} />
              </td>
            ))}
            <td className="figure">
              <strong>
                <Amount fen={totalFenOf(instalment)} />
              </strong>
            </td>
            <td>
              <StateMark instalment={instalment} state={stateOf(instalment, today)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const amountsOf = (instalment: Instalment) =>
  [
    { name: 'principal', fen: instalment.principalFen },
    { name: 'interest', fen: instalment.interestFen },
    { name: 'fee', fen: instalment.feeFen },
    { name: 'penalty', fen: penaltyFenOf(instalment) },
  ] as const

function InstalmentCard({ instalment, state }: InstalmentProps) {
  const { t, i18n } = useTranslation()
  return (
    <article className={`instalment instalment-${state}`}>
      <p className="row-line">
        <strong>{t('credit:loan.no', { no: instalment.no })}</strong>
        <strong>
          <Amount fen={totalFenOf(instalment)} />
        </strong>
      </p>
      <p className="row-line">
        <span>{t('credit:nextDue', { day: dayText(instalment.dueOn, i18n.language) })}</span>
        <StateMark instalment={instalment} state={state} />
      </p>
      <dl className="instalment-parts">
        {amountsOf(instalment)
          .filter(({ name, fen }) => name === 'principal' || fen > 0)
          .map(({ name, fen }) => (
            <div key={name}>
              <dt>{t(`credit:loan.heads.${name}`)}</dt>
              <dd>
                <Amount fen={fen} />
              </dd>
            </div>
          ))}
      </dl>
    </article>
  )
}

const MARKS: Record<InstalmentState, { tone: string; icon: IconName }> = {
  paid: { tone: 'good', icon: 'done' },
  overdue: { tone: 'held', icon: 'question' },
  today: { tone: 'held', icon: 'clock' },
  coming: { tone: 'plain', icon: 'clock' },
  written_off: { tone: 'plain', icon: 'still' },
}

function StateMark({ instalment, state }: InstalmentProps) {
  const { t } = useTranslation()
  const { tone, icon } = MARKS[state]
  const paidFen = paidFenOf(instalment)
  return (
    <span className={`chip tone-${tone}`}>
      <Icon name={icon} />
      {t(`credit:loan.states.${state}`)}
      {state !== 'paid' && paidFen > 0 && (
        <> · {t('credit:loan.states.part', { amount: amountText(paidFen) })}</>
      )}
    </span>
  )
}

type InstalmentProps = { instalment: Instalment; state: InstalmentState }
