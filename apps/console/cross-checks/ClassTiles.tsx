import { Link } from '@tanstack/react-router'

import type { BusinessDate } from '../../../kernel/time.ts'
import { Amount } from '../../web/Amount.tsx'
import { Empty } from '../list/Empty.tsx'
import type { MatchingClass, Run } from './model.ts'
import { useCrossCheckWords } from './words.ts'

type ClassTilesProps = {
  name: string
  date: BusinessDate
  classes: Run['classes']
  chosen: MatchingClass | undefined
}

/** What differs by class: how much, what is usually behind it, whose money is at stake, and what is proposed. */
export function ClassTiles({ name, date, classes, chosen }: ClassTilesProps) {
  const { t } = useCrossCheckWords()
  const ordered = classes.toSorted((a, b) => b.atStakeFen - a.atStakeFen || b.count - a.count)
  return (
    <section className="card" aria-labelledby="classes-title">
      <h2 id="classes-title">{t('run.classes')}</h2>
      {ordered.length === 0 && <Empty text={t('run.noClasses')} />}
      <ul className="class-tiles">
        {ordered.map(({ class: cls, count, atStakeFen, repair }) => (
          <li key={cls} className={cls === chosen ? 'is-chosen' : ''}>
            <h3>
              <Link
                to="/cross-checks/run"
                search={{ plan: name, date, class: cls }}
                hash="differences"
                aria-current={cls === chosen ? 'true' : undefined}
              >
                {t(`classes.${cls}.name`)}
              </Link>
              <span className="class-figure">
                <strong>{t('console:count', { count })}</strong> <Amount fen={atStakeFen} />
              </span>
            </h3>
            <dl>
              <Fact name={t('run.cause')} value={t(`classes.${cls}.cause`)} />
              <Fact name={t('run.stake')} value={t(`classes.${cls}.stake`)} />
              <Fact name={t('run.repair')} value={t(`repairs.${repair}`)} />
            </dl>
          </li>
        ))}
      </ul>
    </section>
  )
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)
