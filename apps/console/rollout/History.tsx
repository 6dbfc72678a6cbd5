import { Button } from 'antd'
import type { ReactNode } from 'react'

import { Moment } from '../../web/Moment.tsx'
import { useActorName } from '../cases/words.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { useRollBack } from './use-rollout.ts'
import { type Department, type Rollout, useRolloutWords } from './words.ts'

type HistoryProps = { versions: readonly Rollout[]; departments: readonly Department[] }

/** What was switched on when and by whom; any of it can be brought back, as a new version. */
export function History({ versions, departments }: HistoryProps) {
  const { t } = useRolloutWords()
  const staff = useStaff()
  const back = useRollBack(staff.hospitalId, { words: t('done') })
  const after = versions[0]?.version ?? 0
  return (
    <section className="card" aria-labelledby="rollout-history">
      <h2 id="rollout-history">{t('history')}</h2>
      {back.error !== null && <Fault error={back.error} />}
      {versions.length === 0 && <Empty text={t('noHistory')} />}
      <ul className="mini-list">
        {versions.map((rollout) => (
          <Version key={rollout.version} rollout={rollout} departments={departments}>
            {rollout.version !== after && may(staff, 'switchOn') && (
              <Button
                size="small"
                loading={back.isPending && back.variables.to === rollout.version}
                onClick={() =>
                  back.mutate({
                    to: rollout.version,
                    after,
                    note: t('backNote', { version: rollout.version }),
                  })
                }
              >
                {t('back', { version: rollout.version })}
              </Button>
            )}
          </Version>
        ))}
      </ul>
    </section>
  )
}

type VersionProps = {
  rollout: Rollout
  departments: readonly Department[]
  children: ReactNode
}

function Version({ rollout, departments, children }: VersionProps) {
  const { t } = useRolloutWords()
  const actorName = useActorName()
  const { version, stage, scenes, departments: codes, note, actor, at } = rollout
  const nameOf = (code: string) => departments.find((one) => one.code === code)?.name ?? code
  return (
    <li>
      <span className="two-lines">
        <span>
          {t('version', { version })} {t(`stages.${stage}`)}：
          {scenes.map((scene) => t(`scenes.${scene}`)).join(t('comma'))}
        </span>
        <span className="fine">
          {codes === null ? t('allDepartments') : codes.map(nameOf).join(t('comma'))}
        </span>
        <span className="fine">
          {note} · {actorName(actor)} <Moment at={at} form="exact" />
        </span>
      </span>
      <span>{children}</span>
    </li>
  )
}
