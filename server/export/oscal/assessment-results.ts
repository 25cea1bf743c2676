import { coverageParts } from '../../domain/coverage/coverage.ts'
import { productName } from '../../product.ts'
import { nameOf } from '../archive-scope.ts'
import type { Findings } from '../findings.ts'
import { attachedObservations } from './attached.ts'
import { components } from './components.ts'
import { controlFindings } from './findings.ts'
import { idMaker } from './identifiers.ts'
import { evidenceObservations } from './observations.ts'
import { properties } from './properties.ts'
import { exceptionRisks } from './risks.ts'

/**
 * Assessment results in OSCAL 1.2.1 (NIST): what was observed and until when it counts, and a finding for each control
 * that came to a conclusion, with the exceptions that people decided on as risks. Nobody is named. Ids follow from what they stand for, so that the same thing has the same id
 * in every export.
 */
export function assessmentResults(input: Findings): object {
  const { scope, known, from } = input
  const { asOf, exportId } = scope
  const id = idMaker(scope.organizationId)
  const { version, controls } = known.catalogue
  const catalogueName = `Control catalogue of ${productName}, version ${version}`
  const plan = id('plan', String(version))
  const evidence = evidenceObservations(input, id)
  const risks = exceptionRisks(input.exceptions, asOf.instant)
  const { findings, withoutConclusion } = controlFindings(input, id, { evidence, risks })
  return {
    'assessment-results': {
      uuid: id('results', exportId),
      metadata: {
        title: `Access-control evidence of ${nameOf(scope)}`,
        'last-modified': scope.createdAt.toISOString(),
        version: `position ${asOf.position}`,
        'oscal-version': '1.2.1',
        parties: [{ uuid: id('party'), type: 'organization', name: nameOf(scope) }],
      },
      'import-ap': { href: `#${plan}` },
      results: [
        {
          uuid: id('result', exportId),
          title: `Controls of ${nameOf(scope)} as of ${asOf.instant.toISOString()}`,
          description:
            'What the rules of the catalogue say of the evidence that was held at the end. OSCAL knows no state between satisfied and not satisfied: a control without a conclusion has no finding, and an observation says why.',
          start: from.toISOString(),
          end: asOf.instant.toISOString(),
          props: properties({
            simulated: scope.isSimulated,
            'ledger-position': asOf.position,
            'catalogue-version': version,
            'coverage-percent': known.coverage.percent,
            ...Object.fromEntries(
              coverageParts.map(part => [`controls-${part}`, known.coverage.parts[part]]),
            ),
          }),
          'local-definitions': { components: components(input, id) },
          'reviewed-controls': {
            'control-selections': [
              {
                description: `Every control of the catalogue, version ${version}.`,
                'include-controls': controls.map(control => ({ 'control-id': control.id })),
              },
            ],
          },
          observations: [
            ...evidence.map(each => each.observation),
            ...attachedObservations(input, id),
            ...withoutConclusion,
          ],
          // An empty list is not allowed.
          ...(risks.length > 0
            ? {
                risks: risks.map(({ exceptionId, risk }) => ({
                  uuid: id('exception', exceptionId),
                  ...risk,
                })),
              }
            : {}),
          ...(findings.length > 0 ? { findings } : {}),
        },
      ],
      'back-matter': {
        resources: [
          {
            uuid: plan,
            title: catalogueName,
            description: controls
              .map(
                ({ id: name, title, criteria, rule }) => `${name} ${title} (${criteria.join(', ')}). ${rule}`,
              )
              .join('\n\n'),
          },
        ],
      },
    },
  }
}
