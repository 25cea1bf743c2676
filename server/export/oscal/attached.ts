import { evidenceKind } from '../../domain/evidence/kinds.ts'
import type { Findings } from '../findings.ts'
import { madeByTool } from './components.ts'
import type { IdMaker } from './identifiers.ts'
import { properties } from './properties.ts'

/** One observation for each row of evidence that is attached to the assessment that the archive is of. */
export const attachedObservations = ({ attached, labels, scope }: Findings, id: IdMaker): object[] =>
  attached.map(({ attachmentId, evidenceId, sourceId, kind, fingerprint, itemCount, instant, position }) => {
    const { title, itemName, expiredAfter } = evidenceKind(kind)
    return {
      uuid: id('attachment', attachmentId),
      title: `${title} of ${labels.get(sourceId) ?? sourceId} as of ${instant.toISOString()}`,
      description: `${itemCount} ${itemName[itemCount === 1 ? 0 : 1]}, attached to the assessment. Their fingerprint, an RFC 6962 root with SHA-256, is ${fingerprint}.`,
      props: properties({
        'assessment-id': scope.assessment?.id ?? '',
        'attachment-id': attachmentId,
        'evidence-id': evidenceId,
        fingerprint,
        'ledger-position': position,
      }),
      methods: ['EXAMINE'],
      types: ['control-objective'],
      origins: madeByTool(id),
      subjects: [{ 'subject-uuid': sourceId, type: 'component' }],
      'relevant-evidence': [
        { href: '../assessment/assessment.json', description: 'The assessment that it is attached to.' },
      ],
      collected: instant.toISOString(),
      expires: new Date(instant.getTime() + expiredAfter).toISOString(),
    }
  })
