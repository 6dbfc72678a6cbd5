import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'

import { api } from '../api.ts'
import { SelectField } from '../channels/SelectField.tsx'
import { DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { pageOf } from '../list/use-list-figure.ts'
import { given, oneOf } from '../search/params.ts'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { BenefitTabs } from './BenefitTabs.tsx'
import { EnterNeedDialog } from './EnterNeedDialog.tsx'
import { NEED_KINDS, type Need, type Patient } from './model.ts'
import { useNeedColumns } from './need-columns.tsx'
import { PatientFinder, usePatientNames } from './Patient.tsx'
import { ReasonDialog } from './ReasonDialog.tsx'
import type { NeedsSearch } from './search.ts'
import { useEndNeed } from './use-benefits.ts'
import { useBenefitWords } from './words.ts'

const PAGE_ROWS = 50
const route = getRouteApi('/office/benefits/people-in-need')

/** The register of people in need as this hospital keeps it; or one person's entries in it. */
export function NeedsPage() {
  const { t } = useBenefitWords()
  const staff = useStaff()
  const [patient, setPatient] = useState<Patient | null>(null)
  const [isEntering, setEntering] = useState(false)
  const [ended, setEnded] = useState<Need | null>(null)
  usePageTitle(t('needs.title'))
  return (
    <div className="page page-list bank-list benefit-page">
      <header className="page-head">
        <h1>{t('needs.title')}</h1>
        {may(staff, 'grantBenefits') && (
          <Button type="primary" onClick={() => setEntering(true)}>
            {t('needs.enter')}
          </Button>
        )}
      </header>
      <BenefitTabs at="needs" />
      <PatientFinder patient={patient} onFound={setPatient} />
      {patient ? (
        <NeedsOfPerson patient={patient} onEnd={setEnded} />
      ) : (
        <AllNeeds onEnd={setEnded} />
      )}
      {isEntering && <EnterNeedDialog start={patient} onClose={() => setEntering(false)} />}
      {ended && <EndDialog need={ended} onClose={() => setEnded(null)} />}
    </div>
  )
}

type ListProps = { onEnd: (need: Need) => void }

function AllNeeds({ onEnd }: ListProps) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const { kind, all, before } = search
  const query = { ...given({ kind, before }), onlyCurrent: !all, limit: PAGE_ROWS }
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/people-in-need',
    { params: { path: { hospitalId }, query } },
    { placeholderData: keepPreviousData },
  )
  const rows = list.data?.items
  const nameOf = usePatientNames(rows?.map(({ personId }) => personId))
  const show = (next: NeedsSearch) => void navigate({ search: next })
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: before === undefined })
  const onClear = kind === undefined ? undefined : () => show({})
  return (
    <>
      <div className="filters" role="group" aria-label={t('console:filters.label')}>
        <SelectField
          label={t('needs.kind')}
          value={kind ?? 'all'}
          options={(['all', ...NEED_KINDS] as const).map((value) => ({
            value,
            label: t(`needs.kinds.${value}`),
          }))}
          onChange={(value) => show(given({ all, kind: oneOf(NEED_KINDS, value) }))}
        />
        <label className="inline-field">
          <input
            type="checkbox"
            checked={all === true}
            onChange={({ target }) =>
              show(given({ kind, all: target.checked ? (true as const) : undefined }))
            }
          />
          {t('needs.all')}
        </label>
      </div>
      <DataTable
        label={t('needs.title')}
        columns={useNeedColumns({ nameOf, onEnd })}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        empty={<Empty text={t(all ? 'needs.none' : 'needs.empty')} onClear={onClear} />}
      />
      <Pager
        {...pager}
        onFirst={() => show(given({ kind, all }))}
        onNext={() => last && show(given({ kind, all, before: last.id }))}
      />
    </>
  )
}

function NeedsOfPerson({ patient, onEnd }: ListProps & { patient: Patient }) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const { personId } = patient
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/people-in-need/{personId}', {
    params: { path: { hospitalId, personId } },
  })
  return (
    <DataTable
      label={t('needs.title')}
      columns={useNeedColumns({ nameOf: () => patient, onEnd })}
      rows={list.data?.items}
      rowKey={({ id }) => id}
      query={list}
      empty={<Empty text={t('needs.noneOfPerson')} />}
    />
  )
}

function EndDialog({ need, onClose }: { need: Need; onClose: () => void }) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const path = { hospitalId, personId: need.personId, id: need.id }
  const end = useEndNeed(path, { words: t('needs.ended'), onDone: onClose })
  return (
    <ReasonDialog
      title={t('needs.end')}
      hint={t('needs.endHint')}
      act={t('needs.end')}
      change={end}
      onClose={onClose}
    >
      <p>{need.document}</p>
    </ReasonDialog>
  )
}
