import { getRouteApi } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'

import { api } from '../api.ts'
import { TextField } from '../channels/TextField.tsx'
import { today } from '../clock.ts'
import { may, useStaff } from '../shell/staff.ts'
import { inForceOf } from '../terms/model.ts'
import { ProposeForm, ProposeFrame } from '../terms/Propose.tsx'
import type { Template } from './model.ts'
import { type SubjectDraft, subjectDraftsOf, withSubjects } from './template-draft.ts'
import { useProposeTerms } from './use-vouchers.ts'
import { useVoucherWords } from './words.ts'

const route = getRouteApi('/office/vouchers/templates/new')

/** Another template, from the one in force: under the hospital's own subjects, or changed whole as data. */
export function NewTemplatePage() {
  const { t } = useVoucherWords()
  const staff = useStaff()
  const { from } = route.useSearch()
  const path = { hospitalId: staff.hospitalId }
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/accounting/terms', {
    params: { path, query: { kind: 'template' } },
  })
  const standard = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/accounting/standard-terms',
    { params: { path } },
  )
  const error = list.error ?? standard.error
  const rows = list.data?.items
  const chosen =
    rows?.find(({ id }) => id === from) ?? (rows?.[0] && inForceOf(rows[0].name, rows, today()))
  const start =
    rows && standard.data && ((chosen?.content as Template | undefined) ?? standard.data.template)
  return (
    <ProposeFrame
      title={t('templates.propose')}
      hint={t('templates.proposeHint')}
      back={{ to: '/vouchers/templates', text: t('tabs.templates') }}
      readOnly={may(staff, 'reconcile') ? null : t('readOnly')}
      query={{ error, refetch: list.refetch }}
    >
      {start ? <TemplateForm start={start} /> : null}
    </ProposeFrame>
  )
}

function TemplateForm({ start }: { start: Template }) {
  const { t } = useVoucherWords()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  const [validFrom, setValidFrom] = useState('')
  const [subjects, setSubjects] = useState(() => subjectDraftsOf(start))
  const [data, setData] = useState<string | null>(null)
  const [problem, setProblem] = useState<'validFrom' | 'subjects' | 'data' | null>(null)
  const propose = useProposeTerms(hospitalId, {
    words: t('templates.done'),
    onDone: () => void navigate({ to: '/vouchers/templates', search: {} }),
  })
  const submit = () => {
    const content = data === null ? withSubjects(start, subjects) : readData(data)
    const wrong = data === null ? 'subjects' : 'data'
    setProblem(validFrom === '' ? 'validFrom' : content === null ? wrong : null)
    if (validFrom !== '' && content) propose.mutate({ kind: 'template', validFrom, content })
  }
  return (
    <ProposeForm
      problems={problem ? [t(`templates.problems.${problem}`)] : []}
      propose={propose}
      second={t('second')}
      button={t('templates.propose')}
      onSubmit={submit}
      beside={
        <Button
          onClick={() =>
            setData(
              data === null
                ? JSON.stringify(withSubjects(start, subjects) ?? start, null, 2)
                : null,
            )
          }
        >
          {t(data === null ? 'templates.asData' : 'templates.asTable')}
        </Button>
      }
    >
      <TextField
        label={t('templates.validFrom')}
        type="date"
        value={validFrom}
        isWrong={problem === 'validFrom'}
        onChange={setValidFrom}
      />
      {data === null ? (
        <SubjectTable subjects={subjects} onChange={setSubjects} />
      ) : (
        <DataField value={data} isWrong={problem === 'data'} onChange={setData} />
      )}
    </ProposeForm>
  )
}

/** What it says is for the hub to check; here only that it is data at all. */
function readData(typed: string): Template | null {
  try {
    const read: unknown = JSON.parse(typed)
    return typeof read === 'object' && read !== null ? (read as Template) : null
  } catch {
    return null
  }
}

type SubjectTableProps = {
  subjects: readonly SubjectDraft[]
  onChange: (subjects: SubjectDraft[]) => void
}

function SubjectTable({ subjects, onChange }: SubjectTableProps) {
  const { t } = useVoucherWords()
  const set = (was: string, changes: Partial<SubjectDraft>) =>
    onChange(subjects.map((one) => (one.was === was ? { ...one, ...changes } : one)))
  return (
    <div className="table-frame">
      <table className="data-table subject-table">
        <caption className="visually-hidden">{t('templates.subjects')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('templates.was')}</th>
            <th scope="col">{t('templates.code')}</th>
            <th scope="col">{t('templates.name')}</th>
          </tr>
        </thead>
        <tbody>
          {subjects.map(({ was, code, name }) => (
            <tr key={was}>
              <th scope="row">
                <code>{was}</code>
              </th>
              <td>
                <input
                  value={code}
                  maxLength={30}
                  aria-label={t('templates.codeOf', { subject: was })}
                  onChange={({ target }) => set(was, { code: target.value })}
                />
              </td>
              <td>
                <input
                  value={name}
                  maxLength={60}
                  aria-label={t('templates.nameOf', { subject: was })}
                  onChange={({ target }) => set(was, { name: target.value })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const LINES = 24

type DataFieldProps = { value: string; isWrong: boolean; onChange: (value: string) => void }

function DataField({ value, isWrong, onChange }: DataFieldProps) {
  const { t } = useVoucherWords()
  return (
    <div className="field">
      <label htmlFor="template-data">{t('templates.data')}</label>
      <textarea
        id="template-data"
        rows={LINES}
        spellCheck={false}
        value={value}
        aria-invalid={isWrong}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  )
}
