import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import type { FinanceDay } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { CrossCheckTiles } from '../cross-checks/CrossCheckTiles.tsx'
import { SignedAmount } from '../list/SignedAmount.tsx'
import { DifferenceTile } from '../reconciliation/DifferenceTile.tsx'
import { Icon } from '../shell/Icon.tsx'
import { FigureLink } from './FigureLink.tsx'
import { type Figure, figuresOf, takenByPayer } from './figures.ts'

/** The figures of the day, each a link to exactly the rows that add up to it. */
export function Strip({ day }: { day: FinanceDay | undefined }) {
  const { t } = useTranslation()
  return (
    <ul className="strip day-strip" aria-label={t('today.strip')}>
      {day
        ? figuresOf(day).map((figure) => <Tile key={figure.name} figure={figure} day={day} />)
        : FIGURE_NAMES.map((name) => (
            <li key={name} className="tile" aria-busy="true">
              <span className="tile-name">{t(`figures.${name}.name`)}</span>
              <Skeleton.Button active size="small" />
            </li>
          ))}
      <DifferenceTile />
      <CrossCheckTiles />
    </ul>
  )
}

const FIGURE_NAMES = ['taken', 'returned', 'net', 'succeeded', 'refunded', 'inTransit', 'attention']

function Tile({ figure, day }: { figure: Figure; day: FinanceDay }) {
  const { t } = useTranslation()
  const needsEyes = figure.name === 'attention' && figure.count > 0
  return (
    <li className={`tile ${needsEyes ? 'tile-alert' : ''}`}>
      <FigureLink link={figure.link}>
        <span className="tile-name">
          {t(`figures.${figure.name}.name`)}
          {needsEyes && <Icon name="alert" />}
        </span>
        <strong>{amountOf(figure) ?? t('count', { count: figure.count })}</strong>
        <span className="fine">
          {figure.amountFen === null
            ? t(`figures.${figure.name}.hint`)
            : t(`figures.${figure.name}.hint`, { count: figure.count })}
        </span>
      </FigureLink>
      {figure.name === 'taken' && <ByPayer day={day} />}
    </li>
  )
}

/** Settled is not yet in the hospital's account: who is to pay it there is said beside it. */
function ByPayer({ day }: { day: FinanceDay }) {
  const { t } = useTranslation()
  return (
    <ul className="fine">
      {takenByPayer(day).map(({ payer, amountFen }) => (
        <li key={payer}>
          {t(`figures.taken.by.${payer}`)} <Amount fen={amountFen} />
        </li>
      ))}
    </ul>
  )
}

function amountOf({ name, amountFen }: Figure): ReactNode {
  if (amountFen === null) return null
  if (name === 'inTransit' && amountFen > 0) return <Amount fen={amountFen} flow="held" />
  if (name === 'returned' || amountFen < 0) return <SignedAmount fen={amountFen} />
  return <Amount fen={amountFen} />
}
