import { Skeleton } from 'antd'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ChangeForm } from './ChangeForm.tsx'
import { History } from './History.tsx'
import { Proposals } from './Proposals.tsx'
import { type Department, type Rollout, SCENES, STAGES, useRolloutWords } from './words.ts'

/** What of the hospital patients can use: scene by scene and department by department, and back again. */
export function RolloutPage() {
  const { t } = useRolloutWords()
  const staff = useStaff()
  const { hospitalId } = staff
  usePageTitle(t('title'))
  const params = { path: { hospitalId } }
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/rollouts', { params })
  const known = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/departments', { params })
  const error = list.error ?? known.error
  const refetch = () => void (list.error === null ? known : list).refetch()
  const versions = list.data?.items
  const departments = known.data?.items
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('title')}</h1>
        <p className="fine on-wide-only">{t('hint')}</p>
      </header>
      {error !== null && <Fault error={error} onRetry={refetch} />}
      {(!versions || !departments) && error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {versions && departments && (
        <>
          {known.data?.stale && <p className="notice-held">{t('stale')}</p>}
          <Now rollout={versions[0]} departments={departments} />
          <Proposals departments={departments} />
          {may(staff, 'switchOn') ? (
            <ChangeForm
              key={versions[0]?.version ?? 0}
              now={versions[0]}
              departments={departments}
            />
          ) : (
            <p className="notice-held">{t('readOnly')}</p>
          )}
          <History versions={versions} departments={departments} />
        </>
      )}
    </div>
  )
}

type NowProps = { rollout: Rollout | undefined; departments: readonly Department[] }

function Now({ rollout, departments }: NowProps) {
  const { t } = useRolloutWords()
  const reached = rollout ? STAGES.indexOf(rollout.stage) : STAGES.length - 1
  return (
    <section className="card" aria-labelledby="rollout-now">
      <h2 id="rollout-now">{t('now')}</h2>
      <ol className="stages" aria-label={t('stage')}>
        {STAGES.map((stage, i) => (
          <li key={stage} aria-current={i === reached ? 'step' : undefined}>
            <StatusChip
              tone={i === reached ? 'good' : 'plain'}
              icon={i <= reached ? 'check' : 'clock'}
              text={t(`stages.${stage}`)}
            />
          </li>
        ))}
      </ol>
      {rollout ? <Matrix rollout={rollout} departments={departments} /> : <p>{t('everything')}</p>}
    </section>
  )
}

function Matrix({
  rollout,
  departments,
}: {
  rollout: Rollout
  departments: readonly Department[]
}) {
  const { t } = useRolloutWords()
  const isOn = (scene: Rollout['scenes'][number], code: string) =>
    rollout.scenes.includes(scene) &&
    (rollout.departments === null || rollout.departments.includes(code))
  return (
    <div className="table-frame">
      <table className="data-table rollout-matrix">
        <caption className="visually-hidden">{t('now')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('department')}</th>
            {SCENES.map((scene) => (
              <th key={scene} scope="col">
                {t(`scenes.${scene}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {departments.map(({ code, name }) => (
            <tr key={code}>
              <th scope="row">{name}</th>
              {SCENES.map((scene) => (
                <td key={scene} className={isOn(scene, code) ? 'tone-good' : 'fine'}>
                  {t(isOn(scene, code) ? 'on' : 'off')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
