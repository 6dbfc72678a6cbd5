import { Button } from 'antd'
import { useState } from 'react'

import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { useSave } from './use-onboarding.ts'
import { type Department, type Draft, useOnboardingWords } from './words.ts'

/** Which 诊疗科目 each of the hospital's departments is. A proposal is taken by a person only; what is unmapped stands first. */
export function DepartmentsCard({ draft, isProbed }: { draft: Draft; isProbed: boolean }) {
  const { t } = useOnboardingWords()
  const { hospitalId } = useStaff()
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/onboarding/departments', {
    params: { path: { hospitalId } },
  })
  const save = useSave(hospitalId, t('saved'))
  const valueOf = ({ code, mappedTo }: Department) => chosen[code] ?? mappedTo ?? ''
  const rows = list.data?.items.toSorted(
    (a, b) => Number(a.mappedTo !== null) - Number(b.mappedTo !== null),
  )
  const unmapped = rows?.filter((row) => valueOf(row) === '').length ?? 0
  const takeAll = () =>
    setChosen({
      ...chosen,
      ...Object.fromEntries(
        (rows ?? []).flatMap((row) => {
          const [best] = row.proposals
          return best && valueOf(row) === '' ? [[row.code, best.subjectCode]] : []
        }),
      ),
    })
  const send = () => {
    const { productName, params, codes, version: after } = draft
    const mine = Object.entries(chosen).filter(([, value]) => value !== '')
    const departments = { ...draft.departments, ...Object.fromEntries(mine) }
    save.mutate({ productName, product: draft.product, params, codes, departments, after })
  }
  return (
    <section className="card" aria-labelledby="onboarding-departments">
      <div className="card-head">
        <h2 id="onboarding-departments">{t('departments.title')}</h2>
        {rows && <span className="fine">{t('departments.unmapped', { count: unmapped })}</span>}
      </div>
      <DataTable
        label={t('departments.title')}
        columns={useColumns(valueOf, (code, value) => setChosen({ ...chosen, [code]: value }))}
        rows={rows}
        rowKey={({ code }) => code}
        query={list}
        isMarked={(row) => valueOf(row) === ''}
        empty={<Empty text={t(isProbed ? 'departments.none' : 'departments.probeFirst')} />}
      />
      {save.error !== null && <Fault error={save.error} />}
      {rows && rows.length > 0 && (
        <span className="bank-acts">
          <Button onClick={takeAll}>{t('departments.takeAll')}</Button>
          <Button
            type="primary"
            disabled={Object.keys(chosen).length === 0}
            loading={save.isPending}
            onClick={send}
          >
            {t('departments.save')}
          </Button>
        </span>
      )}
    </section>
  )
}

function useColumns(
  valueOf: (row: Department) => string,
  onChange: (code: string, value: string) => void,
): Column<Department>[] {
  const { t } = useOnboardingWords()
  return [
    {
      key: 'name',
      title: t('departments.own'),
      cell: ({ code, name }) => (
        <span className="two-lines">
          {name}
          <span className="fine">{code}</span>
        </span>
      ),
    },
    {
      key: 'subject',
      title: t('departments.subject'),
      cell: (row) => (
        <input
          aria-label={t('departments.subjectOf', { name: row.name })}
          size={8}
          maxLength={10}
          value={valueOf(row)}
          onChange={(event) => onChange(row.code, event.target.value)}
        />
      ),
    },
    {
      key: 'proposals',
      title: t('departments.proposals'),
      cell: ({ code, proposals }) =>
        proposals.map(({ subjectCode, subjectName, score, reason }) => (
          <Button key={subjectCode} size="small" onClick={() => onChange(code, subjectCode)}>
            {t('departments.proposal', {
              name: subjectName,
              score: Math.round(score * 100),
              reason: t(`departments.reasons.${reason}`),
            })}
          </Button>
        )),
    },
  ]
}
