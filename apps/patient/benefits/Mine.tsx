import { useTranslation } from 'react-i18next'

import type { MyBenefit, OfferedProgramme } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { dayText } from '../parts/day.ts'
import { Fold } from '../parts/Fold.tsx'
import { useHubNow } from '../parts/hub-clock.ts'
import { Icon } from '../parts/Icon.tsx'
import { Meter } from '../parts/Meter.tsx'
import { daysLeft } from './days-left.ts'
import { useBenefitName } from './use-benefit-name.ts'

/** What one has: what can be used now first, and what is over behind its title. */
export function Mine({ items, programmes }: MineProps) {
  const { t } = useTranslation('payers')
  const usable = items.filter(isUsable)
  const over = items.filter((item) => !isUsable(item))
  return (
    <>
      {usable.map((item) => (
        <Card key={item.id} item={item} programmes={programmes} />
      ))}
      {over.length > 0 && (
        <section className="card folds">
          <Fold title={t('benefits.over', { count: over.length })}>
            <div className="benefits-over">
              {over.map((item) => (
                <Card key={item.id} item={item} programmes={programmes} />
              ))}
            </div>
          </Fold>
        </section>
      )}
    </>
  )
}

const isUsable = ({ status, kind, amountFen, usedFen, items }: MyBenefit): boolean => {
  if (status === 'proposed') return true
  if (status !== 'active') return false
  if (kind === 'package') return items.some(({ most, used }) => used < most)
  return amountFen === null || usedFen < amountFen
}

function Card({ item, programmes }: CardProps) {
  const { t } = useTranslation('payers')
  const nameOf = useBenefitName()
  const { kind, amountFen, usedFen, status } = item
  const leftFen = amountFen === null ? null : amountFen - usedFen
  return (
    <article className="card benefit" aria-label={nameOf(item.name)}>
      <div className="card-head">
        <h3>{nameOf(item.name)}</h3>
        <span className="fine-print">{t(`benefits.kinds.${kind}`)}</span>
      </div>
      {kind !== 'package' && leftFen !== null && (
        <p className="benefit-worth">
          <span>{t('benefits.left')}</span> <Amount fen={leftFen} />
        </p>
      )}
      {kind === 'subsidy' && leftFen === null && <p>{t('benefits.byRule')}</p>}
      {usedFen > 0 && <p className="note">{t('benefits.used', { used: amountText(usedFen) })}</p>}
      {kind === 'package' && <PackageItems item={item} programmes={programmes} />}
      {status !== 'active' && (
        <p className="note">
          <Icon name={status === 'proposed' ? 'clock' : 'still'} />{' '}
          {t(`benefits.statuses.${status}`)}
        </p>
      )}
      <Validity item={item} />
      <p className="fine-print">{evidenceOf(t, item)}</p>
    </article>
  )
}

const SOON_DAYS = 30

function Validity({ item: { validUntil, status } }: { item: MyBenefit }) {
  const { t, i18n } = useTranslation('payers')
  const nowMs = useHubNow()
  const count = nowMs === null ? null : daysLeft(validUntil, nowMs)
  const day = dayText(validUntil, i18n.language)
  const isSoon = status === 'active' && count !== null && count > 0 && count <= SOON_DAYS
  return (
    <p className={isSoon ? 'held-row' : 'fine-print'}>
      {isSoon && <Icon name="clock" />}
      <span>
        {isSoon ? t('benefits.daysLeft', { day, count }) : t('benefits.validUntil', { day })}
      </span>
    </p>
  )
}

/** How often each item of a package can still be used. */
function PackageItems({ item, programmes }: CardProps) {
  const { t } = useTranslation('payers')
  const terms = programmes.find(({ id }) => id === item.programmeId)?.terms
  const listed = terms?.kind === 'package' ? terms.items : []
  return (
    <ul className="package-items">
      {item.items.map(({ code, most, used }) => (
        <li key={code}>
          <span>{listed.find((one) => one.code === code)?.name ?? code}</span>
          <span className="note">
            {t('benefits.timesLeft', { left: Math.max(most - used, 0), most })}
          </span>
          <Meter used={used} whole={most} />
        </li>
      ))}
    </ul>
  )
}

/** On what it rests: points, a purchase, or a decision with its paper and grounds. */
function evidenceOf(t: ReturnType<typeof useTranslation>['t'], item: MyBenefit): string {
  const { document, grounds, kind } = item
  if (document.startsWith('points:')) return t('benefits.evidence.points')
  if (kind === 'package') return t('benefits.evidence.purchase', { document })
  return t('benefits.evidence.decision', { document, grounds })
}

type MineProps = { items: readonly MyBenefit[]; programmes: readonly OfferedProgramme[] }

type CardProps = { item: MyBenefit; programmes: readonly OfferedProgramme[] }
