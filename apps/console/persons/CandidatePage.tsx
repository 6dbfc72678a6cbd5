import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import type { operations } from '../../../contract/hub.d.ts'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ProposeAct } from './ProposeAct.tsx'
import { bitsText, LOOK_OF_GRADE, usePersonWords } from './words.ts'

const route = getRouteApi('/office/persons/$candidateId')

type SideBySide = operations['getPersonCandidate']['responses'][200]['content']['application/json']
type Side = SideBySide['sides'][number]

/** Two records beside each other, field by field, with what each field says about them. */
export function CandidatePage() {
  const { t } = usePersonWords()
  const { hospitalId } = useStaff()
  const { candidateId: id } = route.useParams()
  usePageTitle(t('side.title'))
  const seen = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/person-index/candidates/{id}',
    {
      params: { path: { hospitalId, id } },
    },
  )
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/persons">{t('title')}</Link> <Icon name="right" />
      </p>
      {seen.error !== null && <Fault error={seen.error} onRetry={() => void seen.refetch()} />}
      {!seen.data && seen.error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {seen.data && <Pair seen={seen.data} />}
    </div>
  )
}

function Pair({ seen }: { seen: SideBySide }) {
  const { t } = usePersonWords()
  const staff = useStaff()
  const { candidate, sides } = seen
  const { grade, millibits, doubts, status } = candidate
  return (
    <>
      <header className="object-head">
        <div>
          <h1>
            {t('side.title')}
            <StatusChip {...LOOK_OF_GRADE[grade]} text={t(`grades.${grade}`)} />
          </h1>
          <ul className="object-facts">
            <li>{t('side.evidence', { bits: bitsText(millibits) })}</li>
            {doubts.map((doubt) => (
              <li key={doubt} className="tone-held">
                {t(`doubts.${doubt}`)}
              </li>
            ))}
          </ul>
        </div>
      </header>
      <section className="card" aria-label={t('side.title')}>
        <FieldTable seen={seen} />
        <p className="fine">{t('side.masked')}</p>
      </section>
      {status !== 'open' ? (
        <p className="notice-held">{t(`statuses.${status}`)}</p>
      ) : may(staff, 'joinPersons') ? (
        <ProposeAct sides={sides} />
      ) : (
        <p className="notice-held">{t('readOnly')}</p>
      )}
    </>
  )
}

function FieldTable({ seen: { sides, fields } }: { seen: SideBySide }) {
  const { t } = usePersonWords()
  const [low, high] = sides
  if (!low || !high) return null
  return (
    <div className="table-frame">
      <table className="data-table side-by-side">
        <caption className="visually-hidden">{t('side.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('side.field')}</th>
            {[low, high].map((side, i) => (
              <th key={side.personId} scope="col">
                <Link to="/persons/of/$personId" params={{ personId: side.personId }}>
                  {t(i === 0 ? 'side.low' : 'side.high')}
                </Link>
              </th>
            ))}
            <th scope="col">{t('side.agrees')}</th>
            <th scope="col" className="is-number on-wide-only">
              {t('bits')}
            </th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, level, millibits }) => (
            <tr key={field} className={millibits < 0 ? 'is-marked' : ''}>
              <th scope="row">{t(`fields.${field}`)}</th>
              <td>{valueOf(low, field) ?? t('side.nothing')}</td>
              <td>{valueOf(high, field) ?? t('side.nothing')}</td>
              <td>{level === null ? t('side.unknown') : t(`levels.${level}`)}</td>
              <td className="is-number on-wide-only">
                {level === null ? '' : bitsText(millibits)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )

  function valueOf(side: Side, field: SideBySide['fields'][number]['field']): string | null {
    switch (field) {
      case 'name':
        return side.name
      case 'id':
        return side.idNumber && `${side.idNumber} ${t(`idKinds.${side.idKind}`)}`
      case 'birth':
        return side.birthDate
      case 'gender':
        return t(`genders.${side.gender}`)
      case 'phone':
        return side.phone
      case 'address':
        return side.address
    }
  }
}
