import { relative } from 'node:path'
import ts from 'typescript'
import type { Plugin } from 'vite'

/** Removes types and nothing else, so that who reads what was built reads the sources' own comments, under their paths. */
export function readableSources(root = process.cwd()): Plugin {
  return {
    name: 'readable-sources',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('.ts') || id.includes('node_modules')) return null
      const { outputText } = ts.transpileModule(code, {
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
        },
      })
      return { code: `// ── ${relative(root, id)}\n\n${outputText}`, map: null }
    },
  }
}
