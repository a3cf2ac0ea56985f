/** Other names of a provider, in price lists and before the `/` of a model's name, to the one used here. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  alibaba: 'alibaba',
  'amazon-bedrock': 'bedrock',
  anthropic: 'anthropic',
  azure: 'azure',
  azure_ai: 'azure',
  'azure-openai': 'azure',
  bedrock: 'bedrock',
  bedrock_converse: 'bedrock',
  cerebras: 'cerebras',
  cohere: 'cohere',
  cohere_chat: 'cohere',
  dashscope: 'alibaba',
  deepseek: 'deepseek',
  fireworks: 'fireworks',
  'fireworks-ai': 'fireworks',
  fireworks_ai: 'fireworks',
  gemini: 'google',
  google: 'google',
  'google-vertex': 'vertex',
  groq: 'groq',
  llama: 'meta',
  meta: 'meta',
  meta_llama: 'meta',
  mistral: 'mistral',
  'mistral-ai': 'mistral',
  moonshot: 'moonshotai',
  moonshotai: 'moonshotai',
  openai: 'openai',
  openrouter: 'openrouter',
  together: 'together',
  together_ai: 'together',
  togetherai: 'together',
  vertex: 'vertex',
  vertex_ai: 'vertex',
  'x-ai': 'xai',
  xai: 'xai',
  zai: 'zai',
};

/** The registry's name of a provider, for any spelling that lists and routers use; `undefined` if unknown. */
export function canonicalProvider(name: string): string | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(PROVIDER_NAMES, key) ? PROVIDER_NAMES[key] : undefined;
}
