import { Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { percentText, shortPercentText } from '../channels/ratio.ts'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { BAD_DEBT_THRESHOLD_PPM, type LoanFigures, type PortfolioFigures, ppmOf } from './model.ts'
import { useLineUse, useWaiting } from './use-overview.ts'
import { useBankWords } from './words.ts'

type OverviewStripProps = {
  now: PortfolioFigures | undefined
  figures: LoanFigures | undefined
}

/** The figures one comes for, each a link to the rows behind it. */
export function OverviewStrip({ now, figures }: OverviewStripProps) {
  const { t } = useBankWords()
  return (
    <ul className="strip day-strip" aria-label={t('overview.strip')}>
      <Tile
        name="outstanding"
        value={now && <Amount fen={now.principalFen} />}
        hint={now && t('overview.tiles.outstandingHint', { count: now.openLoans })}
        link={(children) => (
          <Link to="/bank/loans" search={{ status: 'open' }} className="figure-link">
            {children}
          </Link>
        )}
      />
      <Tile
        name="due"
        value={figures && <Amount fen={figures.dueNow.amountFen} />}
        hint={figures && t('overview.tiles.dueHint', { count: figures.dueNow.instalments })}
        link={(children) => (
          <Link to="/bank/loans" search={{ status: 'open' }} className="figure-link">
            {children}
          </Link>
        )}
      />
      <BadDebtTile now={now} />
      <UseTiles />
      <WaitingTiles />
    </ul>
  )
}

type TileProps = {
  name: string
  value: ReactNode
  hint?: ReactNode
  isAlert?: boolean
  link: (children: ReactNode) => ReactNode
}

function Tile({ name, value, hint, isAlert = false, link }: TileProps) {
  const { t } = useBankWords()
  if (value === undefined || value === null) {
    return (
      <li className="tile" aria-busy="true">
        <span className="tile-name">{t(`overview.tiles.${name}`)}</span>
        <Skeleton.Button active size="small" />
      </li>
    )
  }
  return (
    <li className={`tile ${isAlert ? 'tile-alert' : ''}`}>
      {link(
        <>
          <span className="tile-name">
            {t(`overview.tiles.${name}`)}
            {isAlert && <Icon name="alert" />}
          </span>
          <strong>{value}</strong>
          {hint !== undefined && <span className="fine">{hint}</span>}
        </>,
      )}
    </li>
  )
}

function BadDebtTile({ now }: Pick<OverviewStripProps, 'now'>) {
  const { t } = useBankWords()
  return (
    <Tile
      name="badDebt"
      value={now && shortPercentText(now.badDebtPpm)}
      hint={t('overview.tiles.badDebtHint', { threshold: percentText(BAD_DEBT_THRESHOLD_PPM) })}
      isAlert={now !== undefined && now.badDebtPpm > BAD_DEBT_THRESHOLD_PPM}
      link={(children) => (
        <Link to="/bank/loans" search={{ bucket: '91-180' }} className="figure-link">
          {children}
        </Link>
      )}
    />
  )
}

function UseTiles() {
  const { t } = useBankWords()
  const { hospitalId } = useStaff()
  const { data } = useLineUse(hospitalId)
  const inUseFen = data && data.all.reservedFen + data.all.drawnFen
  const toLines = (children: ReactNode) => (
    <Link to="/bank/lines" className="figure-link">
      {children}
    </Link>
  )
  return (
    <>
      <Tile
        name="granted"
        value={data && <Amount fen={data.all.limitFen} />}
        hint={data && t('overview.tiles.grantedHint', { count: data.all.lines })}
        link={toLines}
      />
      <Tile
        name="inUse"
        value={inUseFen === undefined ? undefined : <Amount fen={inUseFen} />}
        hint={
          data &&
          t('overview.tiles.inUseHint', {
            share: shortPercentText(ppmOf(inUseFen ?? 0, data.all.limitFen)),
          })
        }
        link={toLines}
      />
    </>
  )
}

function WaitingTiles() {
  const { t } = useBankWords()
  const { hospitalId } = useStaff()
  const { writeOffs, reviews } = useWaiting(hospitalId)
  const shown = (count: number | string | null) =>
    count === null ? null : t('console:count', { count: count as number })
  return (
    <>
      <Tile
        name="writeOffs"
        value={shown(writeOffs)}
        isAlert={writeOffs !== null && writeOffs !== 0}
        link={(children) => (
          <Link to="/bank/loans" search={{ proposed: true }} className="figure-link">
            {children}
          </Link>
        )}
      />
      <Tile
        name="reviews"
        value={shown(reviews)}
        isAlert={reviews !== null && reviews !== 0}
        link={(children) => (
          <Link to="/bank/reviews" className="figure-link">
            {children}
          </Link>
        )}
      />
    </>
  )
}
