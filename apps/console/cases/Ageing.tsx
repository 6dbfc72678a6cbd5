import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import type { CasesSearch } from '../search/params.ts'
import { may, useStaff } from '../shell/staff.ts'

const REFRESH_MS = 60_000

type Age = NonNullable<CasesSearch['age']>

/** The open cases by age: each bar is as long as its share of the cases, and opens them. */
export function Ageing({ chosen, onChoose }: AgeingProps) {
  const { t } = useTranslation()
  const staff = useStaff()
  const isReader = may(staff, 'readBooks')
  const { data } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/reconciliation/cases-ageing',
    { params: { path: { hospitalId: staff.hospitalId } } },
    { enabled: isReader, refetchInterval: REFRESH_MS },
  )
  const items = data?.items ?? []
  const most = Math.max(1, ...items.map(({ count }) => count))
  if (items.every(({ count }) => count === 0)) return null
  return (
    <section className="card card-most" aria-labelledby="ageing">
      <h2 id="ageing">{t('cases.ageing.title')}</h2>
      <ul className="ageing">
        {items.map(({ age, count, amountFen, overdue }) => (
          <li key={age}>
            <Row age={age} isEmpty={count === 0} chosen={chosen} onChoose={onChoose}>
              <span>{t(`cases.ageing.ages.${age}`)}</span>
              <span className="ageing-bar" aria-hidden="true">
                <span style={{ inlineSize: `${(100 * count) / most}%` }} />
              </span>
              <span>{t('cases.ageing.count', { count })}</span>
              <Amount fen={amountFen} />
              <span className={overdue > 0 ? 'tone-bad' : 'fine'}>
                {overdue > 0 ? t('cases.ageing.overdue', { count: overdue }) : ''}
              </span>
            </Row>
          </li>
        ))}
      </ul>
    </section>
  )
}

type AgeingProps = {
  chosen?: Age | undefined
  /** Beside the list, where a bar filters it; elsewhere a bar leads to the list. */
  onChoose?: ((age: Age | null) => void) | undefined
}

type RowProps = AgeingProps & { age: Age; isEmpty: boolean; children: ReactNode }

function Row({ age, isEmpty, chosen, onChoose, children }: RowProps) {
  if (onChoose) {
    return (
      <button
        type="button"
        className="ageing-row"
        aria-pressed={chosen === age}
        disabled={isEmpty}
        onClick={() => onChoose(chosen === age ? null : age)}
      >
        {children}
      </button>
    )
  }
  if (isEmpty) return <span className="ageing-row">{children}</span>
  return (
    <Link className="ageing-row" to="/cases" search={{ age }}>
      {children}
    </Link>
  )
}
